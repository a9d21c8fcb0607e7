"""What every collector of a cloud shares: calls and how they ended, their pool and pace, the journal, the finished file."""

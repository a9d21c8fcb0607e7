"""What a plan costs, priced by someone with nothing to sell: lines, their sum as an interval, and what has no price."""

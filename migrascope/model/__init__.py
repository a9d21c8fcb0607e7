"""What everything else speaks of: plan, inventory, rule, finding, assessment. Imports nothing of ours."""

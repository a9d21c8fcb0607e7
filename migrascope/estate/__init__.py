"""The estate: the plan joined with the inventory. Matching, the dependency graph, what belongs together."""

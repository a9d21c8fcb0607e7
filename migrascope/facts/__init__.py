"""One question about one subject: pure functions with names. Each public function here is a fact that rules can ask.

A fact's name is the function's name, the kind of its subject is the type of its first argument, its type is the
type that it gives back, and its meaning is the first line of its docstring. Fields of the plan and attributes of
the inventory are facts without a function.
"""

"""AWS accounts. One module a family of services, each with its calls and how their answers are read."""

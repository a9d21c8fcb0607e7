"""The rules, as data: one YAML file each, in a folder per category."""

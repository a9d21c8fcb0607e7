"""Our own files: YAML and JSON into the model, with the line and column of every key and item."""

"""Azure subscriptions, through Resource Graph. One module a family of resources; `queries` says what is asked."""

"""Price lists of today, from those who publish them: read over the network, and written as one dated snapshot."""

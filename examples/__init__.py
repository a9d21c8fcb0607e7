"""Small estates of our own making; they are tests too, and `migrascope demo` ships one."""

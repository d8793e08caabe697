"""What the wire tests stand on: the real server, phones, and clients of its interfaces. Standard library only."""

"""What people and programs read: each module one form of output, none of them computing a score."""

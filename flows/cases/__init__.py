"""Rules about concerns that were sent: who reads, when it is due, who is told, where it may move."""

"""The phones page of `hark demo`: five chats side by side, the leads' codes, and the database's rows."""

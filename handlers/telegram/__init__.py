"""The Bot API side: updates read, screens rendered, messages sent at a pace, in a language."""

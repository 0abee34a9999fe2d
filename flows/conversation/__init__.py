"""The conversation: one pure step from a draft and an input to what is said and done."""

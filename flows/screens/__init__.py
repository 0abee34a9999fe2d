"""The screens of a conversation: paragraphs and buttons, without a messenger and without a language."""

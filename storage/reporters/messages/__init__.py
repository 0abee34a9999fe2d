"""What a reporter has on the screen: answers that are not yet delivered, and messages to be tidied up."""

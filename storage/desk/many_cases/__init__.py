"""Work over many cases of a lead that goes on wherever it was stopped."""

"""What every part of the web chat uses: bounds, shapes, ids, tokens, and the switches of tests."""

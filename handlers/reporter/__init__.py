"""The reporter's side: one person and Hark. It renders and stores what a step decided, and decides nothing."""

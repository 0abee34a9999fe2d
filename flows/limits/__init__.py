"""How much is remembered, how fast something may go, how long to wait after failures: pure, for all that is above."""

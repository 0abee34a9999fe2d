"""Who is in a case, as tags and as ties between cases."""

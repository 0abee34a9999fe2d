"""How updates come in: fetched or brought, in order for each chat, confirmed once they are committed."""

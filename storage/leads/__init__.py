"""Leads as they sign in and decide: sessions, team, rota."""

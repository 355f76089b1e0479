"""红领通 backend. Start reading at features.py, then policy.py, then the visits room."""

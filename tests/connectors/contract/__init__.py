"""What every connector owes the hub, tested once for all of them: no vendor is named here, none is left out."""

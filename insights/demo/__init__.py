"""An invented year of an invented company, so that every page of the demo has something true to show."""

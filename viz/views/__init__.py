"""Views: a module a picture, from answers to a drawing."""

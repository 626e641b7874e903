"""REST lists, their schemas and their OpenAPI description."""

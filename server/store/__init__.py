"""All SQL: the schema, its migrations, and one function for each question."""

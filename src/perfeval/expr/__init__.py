"""The one idea: a rule is an expression, and every use of it is an interpreter."""

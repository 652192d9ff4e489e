"""What all scores share: outcomes, scoring rules, bootstrap, last published figures."""

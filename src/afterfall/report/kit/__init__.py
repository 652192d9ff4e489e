"""What all products share: tables, number formats, words of likelihood and skill, theme, charts, SVG, JSON."""

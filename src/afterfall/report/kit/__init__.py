"""What all products share: tables, number formats, likelihood words, the theme, SVG and saving of pictures."""

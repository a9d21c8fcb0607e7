"""Pictures as SVG of our own: text that is text, shades that differ in grey print, and an alternative in words."""

"""The steps from downloaded conflict counts to the small files that the package ships."""

"""Svg and layouts; knows no graph but the cache of layouts."""

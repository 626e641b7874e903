"""Files of geometry, read in a child process: GeoJSON, Shapefile, GeoPackage, KML, CSV."""

/** Extends DataFlux from the module path: {@code provides} is all that is needed, nothing is exported or opened. */
module com.acme.weather {
    requires io.dataflux.core;

    provides io.dataflux.spi.EventGenerator.Provider with
            com.acme.weather.Readings;
    provides io.dataflux.spi.RegionRouter.Provider with
            com.acme.weather.ByStation;
    provides io.dataflux.spi.SinkProvider with
            com.acme.weather.Warmest;
}

module startup.selector {}

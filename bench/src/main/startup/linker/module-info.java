module startup.linker {}

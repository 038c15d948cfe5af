module startup {
  requires static popol; // not there where another contender is started
}

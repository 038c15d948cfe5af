module startup.popol {
  requires popol;
}

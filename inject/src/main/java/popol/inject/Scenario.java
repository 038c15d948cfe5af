package popol.inject;

/**
 * A call that may fail at any point of it.
 *
 * @param name what is called, and when
 * @param script sets the stage
 */
record Scenario(String name, Script script) {

  /** Sets the stage. */
  interface Script {

    /**
     * Sets the stage, and says what the contract allows once the call is made.
     *
     * @param stage an empty registry
     * @return the call
     */
    Call set(Stage stage) throws Exception;
  }

  /** The call that may fail. */
  interface Call {
    void make() throws Throwable;
  }
}

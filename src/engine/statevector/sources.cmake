list(APPEND QN_ENGINE_SOURCES statevector/bind.c statevector/engine.c statevector/gradient.c statevector/lower.c
  statevector/observable.c statevector/plan.c statevector/run.c statevector/sample.c)

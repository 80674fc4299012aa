list(APPEND QN_ENGINE_SOURCES statevector/bind.c statevector/builder.c statevector/engine.c statevector/fill.c statevector/flips.c statevector/gradient.c statevector/idle.c statevector/items.c statevector/layers.c statevector/live.c statevector/lower.c
  statevector/observable.c statevector/passes.c statevector/phases.c statevector/plan.c statevector/reflections.c statevector/run.c statevector/sample.c statevector/stages.c statevector/steps.c
  statevector/adjoint.c statevector/rows.c statevector/rows_fill.c statevector/rows_simd.c statevector/tile.c)

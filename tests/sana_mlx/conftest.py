from app.sana_mlx.blas import load_openblas

load_openblas()

/** Storage buffers that every WebGPU device lets a kernel bind; ours keep to that. */
export const MAX_STORAGE_BUFFERS = 8

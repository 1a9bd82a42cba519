import { installWebGpu } from './gpu.ts'

installWebGpu()

import { IconFileImport } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import classes from './files.module.css'
import { takeFiles } from './files.ts'

/** Takes files that are dropped anywhere on the page, and says so while they hover over it. */
export function DropTarget({ children }: { readonly children: ReactNode }) {
  const [hovering, setHovering] = useState(false)

  useEffect(() => {
    // Entering a child leaves its parent: only the balance of both says whether the pointer is over the page.
    let depth = 0
    const show = (by: number) => {
      depth = Math.max(0, depth + by)
      setHovering(depth > 0)
    }
    const onEnter = (event: DragEvent) => {
      if (carriesFiles(event)) show(1)
    }
    const onLeave = (event: DragEvent) => {
      if (carriesFiles(event)) show(-1)
    }
    const onOver = (event: DragEvent) => {
      // Without this the browser would open the file in place of the page.
      if (carriesFiles(event)) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      show(-depth)
      takeFiles([...(event.dataTransfer?.files ?? [])])
    }
    window.addEventListener('dragenter', onEnter)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('dragover', onOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragenter', onEnter)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [])

  return (
    <>
      {children}
      {hovering && (
        <div className={classes.overlay} data-testid="drop-overlay">
          <div className={classes.card}>
            <IconFileImport size={40} stroke={1.5} aria-hidden />
            <p className={classes.title}>Drop it here</p>
            <p>
              A checkpoint (.safetensors), the CIFAR-10 images (cifar-10-binary.tar.gz or its .bin
              files), saved settings or an evaluation (.json)
            </p>
          </div>
        </div>
      )}
    </>
  )
}

const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

import { createRoot } from 'react-dom/client';

const place = document.getElementById('console');
if (place !== null) createRoot(place).render(<h1>video-proxy</h1>);

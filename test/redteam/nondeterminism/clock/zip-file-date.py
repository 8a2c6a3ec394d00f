# expect: drifts
# row: 46
import io
import zipfile


def f(x):
    archive = zipfile.ZipFile(io.BytesIO(), 'w')
    archive.writestr('a', b'')
    return archive.infolist()[0].date_time
